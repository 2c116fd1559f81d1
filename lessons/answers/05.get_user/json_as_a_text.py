# wrong: who makes JSON of what you return: your code, or FastAPI?
from app.schemas import Id
from fastapi import HTTPException


@router.get("/{user_id}", response_model=None)
async def get_user(user_id: Id, session: Session):
    user = await session.get(User, user_id)
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return UserOut.model_validate(user).model_dump_json()
